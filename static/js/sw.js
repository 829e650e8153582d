// Keeps the files of one build and the page that studies offline; never what is personal.
// A new worker takes over when the pages of the old one are closed, so a page's files stay together.
const CACHE = "xueji-" + SITE.build;
const SHELL = "/offline";
const PATIENCE = 2500; // ms; a hanging server must not keep a member waiting

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SITE.files.concat(SHELL))));
});

const clean = async () => {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("xueji-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
};

self.addEventListener("activate", (event) => event.waitUntil(clean()));

const asset = async (request) => (await caches.match(request.url)) || fetch(request);

const shell = () => caches.open(CACHE).then((cache) => cache.match(SHELL));

// Study pages do not wait for a line that hangs; others do, as nothing here could replace them.
const page = async (request, path) => {
  const kept = await shell();
  const answer = fetch(request);
  if (!kept) return answer;
  const ready = await caches.match("/pack-is-kept");
  const study = ready && (path === "/" || /^\/study(\/answer|\/rate|\/undo)?$/.test(path));
  const late = new Promise((resolve) => {
    if (study) setTimeout(() => resolve(kept), PATIENCE);
  });
  return Promise.race([answer.catch(() => kept), late]);
};

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin || address.pathname.startsWith("/api/")) return;
  if (event.request.mode === "navigate" && address.pathname !== SHELL) {
    event.respondWith(page(event.request, address.pathname));
  } else if (event.request.method === "GET" && SITE.files.includes(address.pathname)) {
    event.respondWith(asset(event.request));
  } else if (address.pathname === SHELL && event.request.mode === "navigate") {
    event.respondWith(shell().then((kept) => kept || fetch(event.request)));
  }
});
