import { builtInNetworks } from '../networks/networks.ts'
import { withoutCredentials } from '../sharing/redact.ts'

/**
 * The words of which the paths of public RPCs are made: versions, kinds of nodes and interfaces, and chains. Any other word may be a key, also one in lower
 * case letters alone.
 */
const publicWords: ReadonlySet<string> = new Set([
  ...words(
    'api archive arb arbitrum bc bnb bor bsc bundler chain chains core dev devnet eth ethereum evm ext full gateway gnosis goerli graphql health',
  ),
  ...words(
    'holesky hoodi http https json jsonrpc linea mainnet main mantle multichain network node nodes ogrpc op opt proxy public query relay rest rpc',
  ),
  ...words('rpcs scroll solana staging testnet test trace unichain ws wss zksync'),
  ...builtInNetworks.all.flatMap(({ id }) => id.split('-')),
])
/** Names of parameters, whose values are never shown. */
const parameterNames: ReadonlySet<string> = new Set([...publicWords, ...words('apikey api-key api_key auth dkey key token')])

function words(text: string): readonly string[] {
  return text.split(' ')
}

/** A version, a chain's name or number, a service. Three letters are no key, and Avalanche's C is the name of a chain. */
function isPublic(part: string): boolean {
  if (/^(?:[a-z]{0,3}|C|v?\d{1,8})$/.test(part)) return true
  return part.split(/[-_]/).every((word) => publicWords.has(word.replace(/\d{1,3}$/, '')))
}

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
  const path = parsed.pathname.split('/').map((part) => (isPublic(part) ? part : '…'))
  const query = [...parsed.searchParams.keys()].map((name) => `${parameterNames.has(name) || /^[a-z]{1,3}$/.test(name) ? name : '…'}=…`)
  const text = `${parsed.protocol}//${parsed.host}${path.join('/')}`
  return `${text.endsWith('/') ? text.slice(0, -1) : text}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

/** Text from a library or a node, which nobody has looked through: with its URLs redacted, and without credentials and secrets of a known form. */
export function redactUrls(text: string): string {
  return withoutCredentials(text.replace(/\b(?:https?|wss?):\/\/[^\s"'<>)\]}]+/gi, (url) => redactUrl(url)))
}
