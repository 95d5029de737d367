// Begins the reads of the home page and its first pictures while the application still loads. The
// application takes the answers (web/src/api/first-reads.ts), which must ask for the same addresses.
(() => {
  if (location.pathname !== '/' || location.search !== '') return;
  const OF_THIS_SERVICE = /^\/v1\/images\/[^?]+$/;
  const begin = (path, seen) => {
    const answer = fetch(path);
    const showFirst = ({ items }) => {
      for (const { imageUrl } of items.slice(0, seen)) {
        if (!OF_THIS_SERVICE.test(imageUrl)) continue;
        const picture = new Image();
        picture.src = `${imageUrl}?size=medium`;
      }
    };
    // What fails here is asked for again by the application, which shows it.
    answer
      .then((response) => response.clone().json())
      .then(showFirst)
      .catch(() => undefined);
    return [path, answer];
  };
  window.moaFirstReads = new Map([
    begin('/v1/best-sellers', 5),
    begin('/v1/products?sort=newest&limit=24', 4),
  ]);
})();
