import ts from 'typescript'

/**
 * How a sentence becomes noise. `own`: each one another word, with the values that it had, so that two that were spelt alike differ. `same`: all of
 * them the one word, so that no two differ.
 */
export type Noise = 'own' | 'same'

/** Members whose value is for people, also where it is one word. */
const forPeople: ReadonlySet<string> = new Set([
  'summary',
  'says',
  'fix',
  'title',
  'label',
  'headline',
  'reason',
  'means',
  'meaning',
  'how',
  'why',
  'note',
  'of',
  'about',
  'description',
])

/** Tables whose every value is for people. */
const tables: ReadonlySet<string> = new Set(['checkNames', 'svmCheckNames', 'roles', 'parties', 'retries', 'programNames'])

/**
 * Files that hold words of the outside world: what tokens, nodes and facilitators say, how tokens are named, what is hashed, and the command that starts
 * anvil. There only `forPeople` is noise.
 */
const outside = [
  /\/core\/src\/revert\//,
  /\/core\/src\/networks\//,
  /\/core\/src\/tokens\//,
  /\/core\/src\/(?:evm\/typed-data|text)\//,
  /\/core\/src\/bytes\/(?:keccak|bytes|address)\.ts$/,
  /\/core\/src\/evm\/signature\/(?:type-parts|digest-parts|vocabulary)\.ts$/,
  /\/core\/src\/facilitators\/solana\/profiles\.ts$/,
  /\/core\/src\/evm\/world\/(?:start-anvil|place-token)\.ts$/,
]

/** A revert string as contracts write them: `FiatTokenV2: invalid signature`. */
const revertString = /^[A-Z][A-Za-z0-9_]+: /

/** The source of a file with all that it says to people in noise. */
export function inNoise(text: string, path: string, noise: Noise): string {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const isOutside = outside.some((each) => each.test(path))
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = []
  const word = (position: number): string => (noise === 'same' ? 'noise' : `noise${hash(path)}x${position.toString(36)}`)

  const visit = (node: ts.Node, told: boolean): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      if (isProse(node.text, told)) edits.push({ start: node.getStart(), end: node.end, text: `'${word(node.pos)}'` })
      return
    }
    if (ts.isTemplateExpression(node)) {
      const parts = [node.head, ...node.templateSpans.map(({ literal }) => literal)]
      if (parts.some((part) => isProse(part.text, told))) {
        if (noise === 'same') {
          edits.push({ start: node.getStart(), end: node.end, text: "'noise'" })
          return
        }
        for (const part of parts)
          edits.push({ start: part.getStart() + 1, end: part.end - (ts.isTemplateTail(part) ? 1 : 2), text: word(part.pos) })
      }
      for (const span of node.templateSpans) visit(span.expression, false)
      return
    }
    if (ts.isPropertyAssignment(node)) {
      visit(node.initializer, told || (nameOf(node.name) !== undefined && forPeople.has(nameOf(node.name) ?? '')))
      return
    }
    if (ts.isVariableDeclaration(node)) {
      const isTable = ts.isIdentifier(node.name) && tables.has(node.name.text)
      if (node.initializer !== undefined) visit(node.initializer, isTable)
      return
    }
    // What a value for people is made of: its branches and its parts, and nothing that is asked or called on the way.
    if (ts.isConditionalExpression(node)) {
      visit(node.condition, false)
      visit(node.whenTrue, told)
      visit(node.whenFalse, told)
      return
    }
    if (
      ts.isObjectLiteralExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isParenthesizedExpression(node)
    ) {
      node.forEachChild((child) => visit(child, told))
      return
    }
    node.forEachChild((child) => visit(child, false))
  }
  const isProse = (words: string, told: boolean): boolean => {
    if (told) return /\p{L}/u.test(words)
    return !isOutside && /\p{L}/u.test(words) && words.includes(' ') && /\p{L}\S* | \S*\p{L}/u.test(words) && !revertString.test(words)
  }
  visit(source, false)
  let out = ''
  let at = 0
  for (const { start, end, text: replacement } of edits.sort((a, b) => a.start - b.start)) {
    out += text.slice(at, start) + replacement
    at = end
  }
  return out + text.slice(at)
}

function nameOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined
}

/** Short, and another one for each file. */
function hash(text: string): string {
  let value = 7
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_647
  return value.toString(36)
}
