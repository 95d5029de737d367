const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id in what was typed or pasted, in the form of the API; undefined if it is no whole one. */
export const idIn = (text: string): string | undefined => {
  const id = text.trim().replace(/^#/, '').toLowerCase();
  return UUID.test(id) ? id : undefined;
};
