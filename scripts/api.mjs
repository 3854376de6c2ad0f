// What each public face exports, with its types, as committed text: `pnpm api` writes it, `--check` fails where it differs. A change of the API is a diff.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')
const faces = Object.fromEntries(
  ['core', 'fixtures'].flatMap((name) => {
    const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    return Object.values(exports).flatMap((entry) => {
      const face = /^\.\/dist\/([a-z]+)\.js$/.exec(entry.default ?? '')?.[1]
      // Nothing is promised of that one.
      return face === undefined || face === 'internal'
        ? []
        : [[`packages/${name}/api/${face}.txt`, join(root, 'packages', name, 'src', `${face}.ts`)]]
    })
  }),
)

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const program = ts.createProgram(Object.values(faces), options)
const checker = program.getTypeChecker()
const printer = ts.createPrinter({ removeComments: true })
const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope

const longest = 4_000

/** An interface and an alias as they are declared, a class by its public members, anything else by its type. */
function describe(symbol) {
  const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const declared = own.declarations?.find((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each))
  if (declared !== undefined) return plain(printer.printNode(ts.EmitHint.Unspecified, declared, declared.getSourceFile()))
  if (own.flags & ts.SymbolFlags.Class) {
    const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(own)).filter(({ name }) => !name.startsWith('__#'))
    return `class ${symbol.name} { ${members.map((each) => `${each.name}: ${checker.typeToString(checker.getTypeOfSymbol(each), undefined, flags)}`).join('; ')} }`
  }
  const type = checker.getTypeOfSymbol(own)
  const text = checker.typeToString(type, undefined, flags)
  // The type of a table of data is the data, which the docs and its own tests show.
  return `const ${symbol.name}: ${plain(text.length > longest ? checker.typeToString(type) : text)}`
}

function plain(text) {
  return text.replaceAll(/import\("[^"]*"\)\./g, '').replace(/^export /, '')
}

const check = process.argv.includes('--check')
let stale = 0
let exported = 0
for (const [path, source] of Object.entries(faces)) {
  const file = program.getSourceFile(source)
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file))
  const lines = symbols.toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(describe)
  exported += lines.length
  const text = `${lines.join('\n\n')}\n`
  if (!check) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  } else if (read(join(root, path)) !== text) {
    stale++
    process.stderr.write(`${path} is not what ${source.slice(root.length + 1)} exports: run \`pnpm api\`, and look at what changes\n`)
  }
}
if (exported === 0) throw new Error('no face exports anything')
process.stdout.write(`${exported} exports of ${Object.keys(faces).length} faces, ${stale} of them out of date\n`)
process.exit(stale === 0 ? 0 : 1)

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
