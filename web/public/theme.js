// Sets the theme before the first paint, so that a dark room never sees a white flash.
try {
  var choice = localStorage.getItem('anlan.theme')
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
} catch (_) {
  /* Storage may be closed to us; light is a safe start. */
}
