/** Unicode's category C (control, format, surrogate, private use, unassigned) and the two line separators: what nobody sees and a terminal or an editor obeys. */
const hidden = /[\p{C}\p{Zl}\p{Zp}]/gu

/**
 * Text from outside as it can be printed or written into a file: whatever could rewrite a terminal's line, turn the direction of text or hide in source
 * code becomes an escape, `\u{202e}`. Line breaks are escaped too: a value never spans lines.
 */
export function printable(text: string): string {
  return replaceHidden(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** JSON with the same characters as its own escapes, so that what is parsed from it is the same. Line breaks between its members stay. */
export function hiddenAsJson(json: string): string {
  return replaceHidden(json, (character) => (character === '\n' ? character : codeUnits(character)))
}

function codeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')
}

/** The same choice of characters with another way to write them. */
export function replaceHidden(text: string, replace: (character: string) => string): string {
  return text.replace(hidden, replace)
}
