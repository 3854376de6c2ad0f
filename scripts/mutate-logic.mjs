// A plugin of Stryker's (`stryker.config.mjs`): leaves what is said alone. A sentence is an output that people read: `test/prose` says all of them in noise
// and every answer stays. Which cause, whose fault, what became of the money and what to do is the rest, and that is mutated.
const sentences = new Set(['summary', 'fix', 'says', 'after', 'label', 'headline'])

/** Words for people have a space in them, and an id has none. */
function isWording(node) {
  if (node.type === 'StringLiteral') return node.value.includes(' ')
  return node.type === 'TemplateLiteral' && node.quasis.some(({ value }) => value.raw.includes(' '))
}

const isEmpty = (node) => node.type === 'StringLiteral' && node.value === ''

/** A wording, or a choice among some; nothing at all may be one of them. */
function isSaid(node) {
  if (node.type === 'ConditionalExpression') {
    const both = [node.consequent, node.alternate]
    return both.every((each) => isEmpty(each) || isSaid(each)) && both.some(isSaid)
  }
  return node.type === 'LogicalExpression' ? isWording(node.right) : isWording(node)
}

function isSentence({ node }) {
  if (node.type === 'ObjectProperty') return sentences.has(node.key.name)
  if (node.type === 'ObjectExpression') return node.properties.length > 0 && node.properties.every((each) => isSentence({ node: each }))
  if (node.type === 'VariableDeclarator') return sentences.has(node.id.name)
  if (node.type === 'BlockStatement' && node.body.length === 1 && node.body[0].type === 'ReturnStatement')
    return node.body[0].argument !== null && isSaid(node.body[0].argument)
  return (node.type === 'ConditionalExpression' || node.type === 'LogicalExpression') && isSaid(node)
}

export const strykerPlugins = [
  { kind: 'Ignore', name: 'sentences', value: { shouldIgnore: (path) => (isSentence(path) ? 'it is a sentence' : undefined) } },
]
