import { setNonce } from 'get-nonce';

/** The nonce that the policy of this page allows for style elements (Content Security Policy 3). */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The scroll lock of drawers and dialogs makes a style element of its own.
setNonce(styleNonce());
