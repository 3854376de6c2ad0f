/**
 * What stands for a value that its author left out: `0x19E7...`, `0xabcd…1234`, `<redacted>`, `[Object]`, `***`; undefined for a value that is there.
 * Written as the end of a sentence.
 */
export function elided(text: string): string | undefined {
  const shown = text.trim()
  if (/^\[(?:Object|Array|Circular[^\]]{0,10}|Getter[^\]]{0,10}|Function[^\]]{0,80})\]$/.test(shown))
    return 'which a console put in place of the value'
  if (/^\(\*[\w./[\]]{1,120}\)\(0x[0-9a-f]+\)$/i.test(shown)) return 'a pointer, which Go does not follow'
  if (/^[<[{(]?(?:redacted|masked|hidden|omitted|removed|truncated|secret|filtered|your[ _-][a-z _-]{1,40}|\.\.\.)[>\]})]?$/i.test(shown))
    return 'which its author left out'
  if (/^[*x•X]{3,}$/.test(shown) || /^<[^<>]{1,200}>$/.test(shown)) return 'which its author left out'
  return /\.{2,}|…|\*{3,}/.test(shown) ? 'which its author cut' : undefined
}
