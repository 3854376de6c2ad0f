/** An element with its attributes, the elements in it, and the text that is directly in it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

const nameOf = '[A-Za-z_][A-Za-z0-9_.-]*'
const token = new RegExp(
  [
    `<(?<close>/)(?<closed>${nameOf})\\s*>`,
    `<(?<open>${nameOf})(?<attributes>(?:\\s+${nameOf}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
)
const known: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Reads a document of elements, attributes, text and the five entities, by XML 1.0's rules of well-formedness. There is no XML parser among the
 * packages here, and what a CI system reads has to be read by something that did not write it.
 * @throws SyntaxError for everything else: comments, processing instructions and CDATA sections included, which no report of ours has.
 */
export function parseXml(document: string): XmlElement {
  // https://www.w3.org/TR/xml/#charsets
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(document)) throw new SyntaxError('a character that XML has not')
  const prolog = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(document)
  if (prolog === null) throw new SyntaxError('no XML declaration')
  const root = { name: '', attributes: {}, children: [] as XmlElement[], text: '' }
  const open: { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string }[] = [root]
  token.lastIndex = prolog[0].length
  while (token.lastIndex < document.length) {
    const at = token.lastIndex
    const { groups } = token.exec(document) ?? {}
    const inside = open.at(-1)
    if (groups === undefined || inside === undefined) throw new SyntaxError(`not well-formed at ${document.slice(at, at + 60)}`)
    if (groups.text !== undefined) {
      if (inside === root && groups.text.trim() !== '') throw new SyntaxError('text outside of the root')
      if (groups.text.includes(']]>')) throw new SyntaxError('"]]>" in text')
      inside.text += unescapeXml(groups.text)
    } else if (groups.close !== undefined) {
      if (inside === root || inside.name !== groups.closed) throw new SyntaxError(`</${groups.closed}> closes <${inside.name}>`)
      open.pop()
    } else {
      if (inside === root && root.children.length > 0) throw new SyntaxError('a second root')
      const element = { name: groups.open ?? '', attributes: attributesIn(groups.attributes ?? ''), children: [], text: '' }
      inside.children.push(element)
      if (groups.empty === '') open.push(element)
    }
  }
  const [only] = root.children
  if (open.length !== 1 || only === undefined) throw new SyntaxError('an element is not closed')
  return only
}

function attributesIn(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = '', quoted = ''] of text.matchAll(new RegExp(`(${nameOf})\\s*=\\s*("[^"]*"|'[^']*')`, 'g'))) {
    if (name in attributes) throw new SyntaxError(`${name} twice`)
    // Line breaks and tabs that are not escaped come out as spaces.
    attributes[name] = unescapeXml(quoted.slice(1, -1).replace(/[\t\n\r]/g, ' '))
  }
  return attributes
}

function unescapeXml(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const number = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name)
    const character =
      number === null ? known[name] : String.fromCodePoint(number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16))
    if (character === undefined || !whole.endsWith(';')) throw new SyntaxError(`no entity: ${whole}`)
    return character
  })
}
