/** The languages of the pages. */
export const LOCALES = ['ko', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** A text, or a function that makes one from its values. */
type Message = string | ((...values: never[]) => string);

/** Messages of a page by name; English and Korean have the same names and values. */
export const defineMessages = <M extends Readonly<Record<string, Message>>>(messages: {
  readonly en: M;
  readonly ko: NoInfer<{ readonly [Name in keyof M]: Widened<M[Name]> }>;
}): Translated<M> => messages;

type Widened<T> = T extends string ? string : T;

/** The same messages in each language. */
export interface Translated<M> {
  readonly en: M;
  readonly ko: { readonly [Name in keyof M]: Widened<M[Name]> };
}
