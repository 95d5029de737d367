/** The largest amount: the largest integer that JSON numbers represent exactly (RFC 8259 §6). */
export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;
