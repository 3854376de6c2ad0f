/** Whether a text is meant to stand for several names: what the shell would have expanded, had it not been quoted. */
export function isGlob(text: string): boolean {
  return /[*?]|\{[^{}]*,[^{}]*\}/.test(text) && !/\s/.test(text)
}

/** A pattern taken apart: the folder from which on names are compared, and with what. */
export interface Glob {
  /** Ends with a separator, or is empty: where the command was called. */
  readonly base: string
  /** Of a path from `base` on, with `/`. What is in a folder that matches does so, too, as where the shell had named the folder. */
  readonly matches: (path: string) => boolean
}

/** `*` and `?` stay within a name, `**` goes through folders, `{a,b}` is either. Names that begin with a dot are met only where they are named. */
export function globOf(pattern: string): Glob {
  const parts = pattern.split('/')
  const first = parts.findIndex(isGlob)
  const base = parts.slice(0, first).join('/')
  const source = parts
    .slice(first)
    .map((part, index, all) =>
      part === '**' ? (index === all.length - 1 ? '.*' : '(?:[^/]+/)*') : `${sourceOf(part)}${index === all.length - 1 ? '' : '/'}`,
    )
    .join('')
  const expression = new RegExp(`^${source}(?:/.*)?$`)
  return { base: first === 0 ? '' : `${base}/`, matches: (path) => expression.test(path) }
}

function sourceOf(part: string): string {
  return part
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]')
    .replace(/\{([^{}]*)\}/g, (_, all: string) => `(?:${all.split(',').join('|')})`)
    .replace(/[{}]/g, '\\$&')
}
