// A plugin of Stryker's (`stryker.config.mjs`): leaves what is said alone. A sentence is an output that people read, `test/prose` says all of them in noise
// and every answer stays, and what its words are is read by a reviewer; which cause, whose fault, what became of the money and what to do is the rest.
const sentences = new Set(['summary', 'fix', 'says', 'label', 'headline'])

function isSentence({ node }) {
  if (node.type === 'ObjectProperty') return !node.shorthand && sentences.has(node.key.name)
  return node.type === 'VariableDeclarator' && sentences.has(node.id.name)
}

export const strykerPlugins = [
  { kind: 'Ignore', name: 'sentences', value: { shouldIgnore: (path) => (isSentence(path) ? 'it is a sentence' : undefined) } },
]
