// The JSON Schema of each document that is written, made from its type: `pnpm schemas` writes them, `--check` fails where one differs. A schema stands in
// the package of its type, and what is documented at a member is its description there.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AnnotatedType,
  ArrayType,
  createFormatter,
  createParser,
  EnumType,
  LiteralType,
  ObjectProperty,
  ObjectType,
  SchemaGenerator,
  StringType,
  UnionType,
} from 'ts-json-schema-generator'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')

/** Package, name of the schema, and where its types are: of several the document is one. `forms` is for what stands in it in another form than elsewhere. */
const documents = [
  ['core', 'diagnosis', [['diagnosis/diagnosis.ts', 'Diagnosis']]],
  ['core', 'status', [['money/status.ts', 'PaymentStatus']]],
  ['core', 'signature', [['evm/signature/ladder.ts', 'SignatureLadder']]],
  ['core', 'typed-data', [['evm/signature/typed-data-steps.ts', 'TypedDataSteps']]],
  ['core', 'comparison', [['comparison/comparison.ts', 'Comparison']]],
  ['core', 'offer', [['offer/offer.ts', 'OfferDiagnosis']]],
  ['core', 'svm-signature', [['solana/offer/signatures.ts', 'SvmSignatures']]],
  [
    'core',
    'snapshot',
    [
      ['evm/evidence/snapshot.ts', 'EvmSnapshot'],
      ['solana/state/snapshot.ts', 'SvmSnapshot'],
    ],
    {
      description:
        'Everything that was said of one payment, so that its diagnosis can be made again without asking anybody. Neither the payment nor a signature of it is in it. Times are unix seconds and amounts are atomic units, as decimal strings.',
      // Pieces of the payment's signature are left out, wherever a chain or a replay shows them: {which.hex digits}.
      forms: { Hex: String.raw`^0x(?:[0-9a-f]|\{[0-9a-f]{16}\.[0-9]{1,6}\})*$` },
    },
  ],
  ['cli', 'config', [['sources/rpc-config.ts', 'RpcConfig']]],
  ['cli', 'replay', [['report/replay-document.ts', 'ReplayDocument']]],
  ['cli', 'decoded', [['report/decoded.ts', 'DecodedDocument']]],
  ['cli', 'regression', [['report/regress-json.ts', 'RegressionDocument']]],
  ['cli', 'many-payment', [['report/many-json.ts', 'ManyPaymentDocument']]],
  ['cli', 'many-unread', [['report/many-json.ts', 'ManyUnreadDocument']]],
  ['cli', 'many', [['report/many-json.ts', 'ManyDocument']]],
  ['cli', 'causes', [['report/documents.ts', 'CausesDocument']]],
  ['cli', 'cause', [['report/documents.ts', 'CauseDocument']]],
  ['cli', 'domains', [['report/domains-json.ts', 'DomainsDocument']]],
  ['cli', 'networks', [['report/documents.ts', 'NetworksDocument']]],
  ['cli', 'network', [['report/documents.ts', 'NetworkDocument']]],
  ['cli', 'identify', [['report/documents.ts', 'IdentifiedDocument']]],
]

const { config: tsconfig } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(tsconfig, ts.sys, root)
const files = documents.flatMap(([name, , types]) => types.map(([file]) => sourceOf(name, file)))
const program = ts.createProgram([...new Set(files)], options)
const checker = program.getTypeChecker()
const config = { expose: 'export', topRef: false, jsDoc: 'extended', additionalProperties: false, encodeRefs: false, sortProps: false }
const parser = createParser(program, config, (chain) => {
  for (const own of [literals(), written(chain)]) chain.addNodeParser(own)
})
const generator = new SchemaGenerator(program, parser, createFormatter(config), config)

/** What the library follows through the syntax, and the compiler knows: the keys of a table, or one column of it. */
function literals() {
  return {
    supportsNode: (node) =>
      (ts.isTypeOperatorNode(node) ||
        ts.isIndexedAccessTypeNode(node) ||
        ts.isTypeQueryNode(node) ||
        (ts.isTypeReferenceNode(node) && node.typeArguments !== undefined)) &&
      literalsOf(node) !== undefined,
    createType(node) {
      // The compiler's own order is that in which it came upon them.
      const values = literalsOf(node).toSorted()
      return values.length === 1 ? new LiteralType(values[0]) : new EnumType(`literals of ${values.join('|')}`, values)
    },
  }
}

function literalsOf(node) {
  const type = checker.getTypeFromTypeNode(node)
  const members = type.isUnion() ? type.types : [type]
  return members.every((each) => each.isStringLiteral() || each.isNumberLiteral()) ? members.map(({ value }) => value) : undefined
}

/** How a value that JSON does not have is written: as `jsonText` of the command line and the codecs of snapshots do it. */
function written(chain) {
  const text = (pattern) => new AnnotatedType(new StringType(), { pattern }, false)
  const one = (name, type) => new ObjectType(`${name}-${type.getId()}`, [], [new ObjectProperty(name, type, true)], false)
  const named = {
    Known: ([value], context) => new UnionType([one('value', chain.createType(value, context)), one('unknown', new StringType())]),
    ReadonlyMap: ([, value], context) => {
      const type = chain.createType(value, context)
      return new ObjectType(`map-${type.getId()}`, [], [], type)
    },
    Uint8Array: () => text('^[A-Za-z0-9+/]*={0,2}$'),
  }
  // A trace nests deeper than JSON should: its calls stand in a row.
  const flatTrace = (_, context) =>
    new ArrayType(chain.createType(declarationOf('core', ['evm/evidence/replay-codec.ts', 'FlatFrame']), context))
  const rule = (node) => {
    if (!ts.isTypeReferenceNode(node)) return undefined
    const name = node.typeName.getText()
    return node.parent.name?.text === 'trace' && name === 'CallFrame' ? flatTrace : Object.hasOwn(named, name) ? named[name] : undefined
  }
  return {
    supportsNode: (node) => node.kind === ts.SyntaxKind.BigIntKeyword || ts.isTemplateLiteralTypeNode(node) || rule(node) !== undefined,
    createType(node, context) {
      if (node.kind === ts.SyntaxKind.BigIntKeyword) return text('^-?[0-9]+$')
      if (ts.isTemplateLiteralTypeNode(node)) return text(`^${node.head.text}`)
      return rule(node)(node.typeArguments ?? [], context)
    },
  }
}

function sourceOf(name, file) {
  return join(root, 'packages', name, 'src', file)
}

function declarationOf(name, [file, type]) {
  const source = program.getSourceFile(sourceOf(name, file))
  const found = source?.statements.find(
    (each) => (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) && each.name.text === type,
  )
  if (found === undefined) throw new Error(`packages/${name}/src/${file} has no type ${type}`)
  return found
}

function schemaOf([name, id, types, { description, forms = {} } = {}]) {
  const parts = types.map((each) => generated(id, declarationOf(name, each)))
  const [only] = parts
  const { definitions, ...own } = types.length === 1 ? only : oneOf(id, types, parts, description)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:eip3009:schema:${id}:1`,
    title: `eip3009 ${id}`,
    ...inDialect(own),
    $defs: Object.fromEntries(
      Object.entries(definitions)
        .map(([key, definition]) => [nameOf(key), inDialect(key in forms ? { ...definition, pattern: forms[key] } : definition)])
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ),
  }
}

function oneOf(id, types, parts, description) {
  const all = parts.flatMap(({ definitions, ...own }, index) => [...Object.entries(definitions), [types[index][1], own]])
  const definitions = {}
  for (const [key, definition] of all) {
    if (key in definitions && JSON.stringify(definitions[key]) !== JSON.stringify(definition)) throw new Error(`${id} has two types ${key}`)
    definitions[key] = definition
  }
  return { description, oneOf: types.map(([, type]) => ({ $ref: `#/definitions/${type}` })), definitions }
}

function generated(id, node) {
  try {
    const { $schema: _, ...own } = generator.createSchemaFromNodes([node])
    return own
  } catch (error) {
    // The library's own error has the syntax tree in it.
    throw new Error(
      `no schema of ${id}: ${error.message} ${error.diagnostic?.messageText ?? ''} ${error.node?.getText().slice(0, 200) ?? ''}`,
    )
  }
}

function nameOf(definition) {
  return definition.replaceAll('<', '.').replaceAll(/[>"]/g, '')
}

/** The library writes draft 7: in 2020-12 the members of a tuple have a name of their own. And a set of ids that has a form is open: the form says it. */
function inDialect(node) {
  if (Array.isArray(node)) return node.map(inDialect)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).flatMap(([key, value]) => {
    if (key === '$ref') return [[key, `#/$defs/${nameOf(value.slice('#/definitions/'.length))}`]]
    if (key === 'enum' && typeof node.pattern === 'string') return []
    // The values are of those types, and two of them are no type for strict readers.
    if (key === 'type' && Array.isArray(value) && 'enum' in node) return []
    if (key === 'items' && Array.isArray(value))
      return [['prefixItems', inDialect(value)], ...(node.additionalItems === undefined ? [['items', false]] : [])]
    if (key === 'additionalItems') return [['items', inDialect(value)]]
    return [[key, key === 'const' || key === 'enum' ? value : inDialect(value)]]
  })
  return Object.fromEntries(entries)
}

const check = process.argv.includes('--check')
let stale = 0
for (const document of documents) {
  const [name, id] = document
  const path = `packages/${name}/schema/${id}.schema.json`
  const text = `${JSON.stringify(schemaOf(document), null, 2)}\n`
  if (!check) writeFileSync(join(root, path), text)
  else if (!existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text) {
    stale++
    process.stderr.write(`${path} is not what its type gives: run \`pnpm schemas\`, and look at what changes\n`)
  }
}
const names = new Set(documents.map(([name, id]) => `packages/${name}/schema/${id}.schema.json`))
const packages = [...new Set(documents.map(([name]) => name))]
for (const name of packages) {
  for (const file of readdirSync(join(root, 'packages', name, 'schema'))) {
    if (names.has(`packages/${name}/schema/${file}`)) continue
    stale++
    process.stderr.write(`packages/${name}/schema/${file} is of no type: add its type to scripts/schemas.mjs, or delete it\n`)
  }
}
process.stdout.write(`${documents.length} schemas of ${packages.length} packages, ${stale} of them out of date\n`)
process.exit(stale === 0 ? 0 : 1)
