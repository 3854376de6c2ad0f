// Fills the transcripts and examples of the Markdown files with what the built CLI prints and what the example files hold.
// With --check it writes nothing and fails when a page is out of date. Transcripts must not depend on the day.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { prepare, root } from './workspace.mjs'

/** Pages with blocks to fill. */
const pages = ['README.md']
/** Pages that are the output of a command from the first line to the last. */
const generated = { 'docs/causes.md': 'explain --format markdown' }
/** Pages of what other people's packages answer. Tests run those anyway, and hold the pages to it: a check leaves them to these. */
const answered = ['svm-facilitators', 'evm-facilitators']
const block = /<!-- (transcript|example): (.+?) -->\n[\s\S]*?<!-- end -->/g

prepare()
const check = process.argv.includes('--check')
const stale = []
let made = 0

for (const page of pages) {
  const before = readFileSync(join(root, page), 'utf8')
  const after = before.replace(block, (_all, kind, what) => {
    made++
    return `<!-- ${kind}: ${what} -->\n\n${kind === 'transcript' ? fence('', `$ eip3009 ${what}\n${output(what)}`) : fence(languageOf(what), readFileSync(join(root, what), 'utf8'))}\n<!-- end -->`
  })
  put(page, before, after)
}
for (const [page, command] of Object.entries(generated)) {
  made++
  const path = join(root, page)
  put(page, existsSync(path) ? readFileSync(path, 'utf8') : undefined, output(command))
}
for (const name of check ? [] : answered) {
  made++
  const page = `docs/${name}.md`
  const path = join(root, page)
  put(page, existsSync(path) ? readFileSync(path, 'utf8') : undefined, written(name))
}
const state = stale.length === 0 ? 'all up to date' : `${check ? 'out of date' : 'rewritten'}: ${stale.join(', ')}`
process.stdout.write(`docs: ${made} generated parts, ${state}\n`)
process.exit(made === 0 || (check && stale.length > 0) ? 1 : 0)

function put(page, before, after) {
  if (before === after) return
  stale.push(page)
  if (check) return
  mkdirSync(dirname(join(root, page)), { recursive: true })
  writeFileSync(join(root, page), after)
}

function languageOf(path) {
  return { '.json': 'json', '.yml': 'yaml' }[extname(path)] ?? 'ts'
}

function fence(language, text) {
  return `\`\`\`${language}\n${text}\`\`\`\n`
}

function written(name) {
  const script = 'test/peers/write-page.ts'
  const { stdout, stderr, error, status } = spawnSync(process.execPath, [join('node_modules', 'tsx', 'dist', 'cli.mjs'), script, name], {
    cwd: root,
    encoding: 'utf8',
  })
  if (error || status !== 0) throw new TypeError(`${script} ${name}: ${error?.message ?? stderr}`)
  return stdout
}

function output(command) {
  const { stdout, stderr, error } = spawnSync(process.execPath, [join('packages', 'cli', 'dist', 'bin.js'), ...command.split(' ')], {
    cwd: root,
    encoding: 'utf8',
  })
  // What it says that it waits for depends on how busy the machine is.
  if (error || stderr.replace(/^.* …\n/gm, '') !== '') throw new TypeError(`eip3009 ${command}: ${error?.message ?? stderr}`)
  return stdout
}
