/** A part of a path that names a version, a chain or a service. Whatever has a digit elsewhere or a capital letter may be a key. */
const harmless = /^(?:v\d{1,2}|[a-z]{1,20}(?:-[a-z]{1,20}){0,3})$/

/**
 * A URL that can be printed: without user and password, without values in its query, and with `…` for the parts of its path that can be
 * a provider's key. Text that is no URL becomes `…` as a whole.
 */
export function redactUrl(url: string | URL): string {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return '…'
  }
  // Avalanche's public path is the one that everybody knows: /ext/bc/C/rpc.
  const path = parsed.pathname.split('/').map((part) => (part === '' || part === 'C' || harmless.test(part) ? part : '…'))
  const query = [...parsed.searchParams.keys()].map((key) => `${harmless.test(key) ? key : '…'}=…`)
  const text = `${parsed.protocol}//${parsed.host}${path.join('/')}`
  return `${text.endsWith('/') ? text.slice(0, -1) : text}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

/** Text from a library or a node, with the URLs in it redacted. */
export function redactUrls(text: string): string {
  return text.replace(/\b(?:https?|wss?):\/\/[^\s"'<>)\]}]+/gi, (url) => redactUrl(url))
}
