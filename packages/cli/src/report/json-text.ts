/** What a terminal could take for an order, and JSON.stringify leaves as it is: C1 controls, marks that turn the direction of text, line separators. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A value as JSON with a line break behind it. What is parsed from it is the value; what is seen of it can not rewrite a terminal. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, bigintAsText, 2)
  // Line breaks between the members are the only control characters that are not within a string.
  return `${text.replace(unprintable, (character) => (character === '\n' ? character : escaped(character)))}\n`
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
