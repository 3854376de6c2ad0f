import { mnemonicWords } from './mnemonic-words.ts'

/** What stands where a secret stood. */
export const redacted = '***'

/** Secrets that are known by their form alone, by whose they are. Each looks at a bounded number of characters from each of its beginnings. */
const forms = {
  github: /(?<![A-Za-z0-9*])(?:gh[opsur]_[A-Za-z0-9]{16,255}|github_pat_[A-Za-z0-9_]{16,255})/g,
  gitlab: /(?<![A-Za-z0-9*])gl(?:pat|ptt|dt|rt)-[A-Za-z0-9_-]{16,255}/g,
  npm: /(?<![A-Za-z0-9*])npm_[A-Za-z0-9]{30,255}/g,
  stripe: /(?<![A-Za-z0-9*])(?:[sr]k_(?:live|test)_[A-Za-z0-9]{3,255}|whsec_[A-Za-z0-9+/=]{16,255})/g,
  models: /(?<![A-Za-z0-9*])(?:sk-[A-Za-z0-9_-]{16,255}|hf_[A-Za-z0-9]{20,255})/g,
  aws: /(?<![A-Za-z0-9*])(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  slack: /(?<![A-Za-z0-9*])(?:xox[a-z]-|xapp-)[A-Za-z0-9-]{10,255}/g,
  google: /(?<![A-Za-z0-9*])(?:AIza[A-Za-z0-9_-]{30,40}|ya29\.[A-Za-z0-9_-]{16,1024}|GOCSPX-[A-Za-z0-9_-]{16,64})/g,
  sendgrid: /(?<![A-Za-z0-9*])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g,
  telegram: /(?<![A-Za-z0-9*])\d{8,10}:AA[A-Za-z0-9_-]{30,40}/g,
  pimlico: /(?<![A-Za-z0-9*])pim_[A-Za-z0-9]{16,64}/g,
  age: /AGE-SECRET-KEY-1[A-Z0-9]{20,80}/g,
  // BIP-32's extended private keys, and the private keys that Bitcoin's wallets export.
  extended: /(?<![A-Za-z0-9*])[tuvxyzUVYZ]prv[1-9A-HJ-NP-Za-km-z]{50,120}/g,
  wif: /(?<![A-Za-z0-9*])[5KL][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9])/g,
} as const satisfies Readonly<Record<string, RegExp>>

/** The secret that belongs to the id of an AWS key: 40 characters of base64, which hashes in hex and paths are not. */
const awsSecret = /(?<![A-Za-z0-9+/_.*-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/g

function isAwsSecret(token: string): boolean {
  const count = (kind: RegExp): number => token.match(kind)?.length ?? 0
  return count(/[A-Z]/g) >= 6 && count(/[a-z]/g) >= 6 && count(/[0-9+/]/g) >= 2
}

/** The text without the secrets that give themselves away by their form: tokens of well-known services, private keys, recovery phrases. */
export function withoutKnownForms(text: string): string {
  let out = withoutPem(text)
  for (const form of Object.values(forms)) out = out.replace(form, redacted)
  out = out.replace(awsSecret, (token) => (isAwsSecret(token) ? redacted : token))
  return withoutPhrases(out)
}

/** The secrets of those forms that are in a text. */
export function findKnownForms(text: string): readonly string[] {
  const tokens = [...Object.values(forms), awsSecret].flatMap((form) => [...text.matchAll(form)].map(([token]) => token))
  return [
    ...tokens.filter((token) => token.length !== 40 || isAwsSecret(token)),
    ...[...phrasesIn(text), ...pemBodies(text)].map(({ from, to }) => text.slice(from, to)),
  ]
}

function withoutPem(text: string): string {
  let out = ''
  let from = 0
  for (const body of pemBodies(text)) {
    out += text.slice(from, body.from) + redacted
    from = body.to
  }
  return out + text.slice(from)
}

/** What stands between the lines that a private key in PEM begins and ends with. */
function* pemBodies(text: string): Generator<{ readonly from: number; readonly to: number }> {
  let from = 0
  for (;;) {
    const begin = text.indexOf('-----BEGIN ', from)
    if (begin < 0) return
    const header = text.slice(begin, begin + 64)
    const bodyStart = header.indexOf('PRIVATE KEY-----')
    if (bodyStart < 0 || !/^[A-Z0-9 -]*$/.test(header.slice(0, bodyStart))) {
      from = begin + 11
      continue
    }
    const body = begin + bodyStart + 16
    const end = text.indexOf('-----END ', body)
    from = end < 0 ? text.length : end
    yield { from: body, to: from }
  }
}

function withoutPhrases(text: string): string {
  let out = ''
  let from = 0
  for (const phrase of phrasesIn(text)) {
    out += text.slice(from, phrase.from) + redacted
    from = phrase.to
  }
  return out + text.slice(from)
}

/** The fewest words of a recovery phrase (BIP-39), and how many of them may be misspelled. */
const leastWords = 12
const mostMisspelled = 1
/** A phrase that was cut: so many words of the list in a row, which no sentence has, since the list has neither "the" nor "of" nor "is". */
const leastInRow = 9

interface Word {
  readonly from: number
  readonly to: number
  readonly listed: boolean
}

/** What follows the name of a value in hex, or the first word of such a name: `private_key=0x…`, `PRIVATE KEY: …`. */
const namesValue = /^(?:[_\s-][A-Za-z]{2,12}){0,2}["']?\s{0,2}[=:]\s{0,2}["']?(?:0x)?[0-9a-fA-F]{16}/

/** Recovery phrases: words of BIP-39's list with nothing but spaces, commas, quotes or numbers between them. */
function phrasesIn(text: string): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = []
  let chain: Word[] = []
  const end = (): void => {
    if (chain.length >= leastInRow) found.push(...phrasesOf(chain))
    chain = []
  }
  let last = 0
  for (const { 0: letters, index } of text.matchAll(/[A-Za-z]+/g)) {
    const between = text.slice(last, index)
    // A colon behind a quote is behind a member's name, which is no word of a phrase; its number is none either.
    const joined =
      chain.length === 0 || (index - last <= 12 && /^[\s,;"'`[\].\d():_+|/-]*$/.test(between) && !/(?:^|\D)["']\s*:/.test(between))
    // A name that has a value is no word of a phrase: without it nobody could tell that the value is a key.
    const isWord =
      letters.length >= 3 && letters.length <= 8 && !namesValue.test(text.slice(index + letters.length, index + letters.length + 64))
    if (!joined || !isWord) end()
    if (isWord) chain.push({ from: index, to: index + letters.length, listed: mnemonicWords.has(letters.toLowerCase()) })
    last = index + letters.length
  }
  end()
  return found
}

function phrasesOf(chain: readonly Word[]): { from: number; to: number }[] {
  const inside = new Uint8Array(chain.length)
  let misspelled = 0
  let row = 0
  for (const [at, { listed }] of chain.entries()) {
    row = listed ? row + 1 : 0
    if (!listed) misspelled++
    if (chain[at - leastWords]?.listed === false) misspelled--
    if (row >= leastInRow) inside.fill(1, at - row + 1, at + 1)
    if (at + 1 >= leastWords && misspelled <= mostMisspelled) inside.fill(1, at - leastWords + 1, at + 1)
  }
  const found: { from: number; to: number }[] = []
  for (let at = 0; at < chain.length; ) {
    let to = at
    while (to < chain.length && inside[to] === 1) to++
    const words = chain.slice(at, to).filter(({ listed }) => listed)
    const [first] = words
    const last = words.at(-1)
    if (first !== undefined && last !== undefined) found.push({ from: first.from, to: last.to })
    at = to + 1
  }
  return found
}
