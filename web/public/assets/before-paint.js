// Sets the color scheme and the language before the first paint, so that neither flashes.
(() => {
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const scheme = read('mantine-color-scheme-value');
  const isDark =
    scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
  const kept = read('moa:locale');
  const browser = (navigator.languages || []).find((tag) => /^(?:ko|en)\b/i.test(tag)) || 'en';
  root.lang = kept === 'ko' || kept === 'en' ? kept : browser.slice(0, 2).toLowerCase();
})();
