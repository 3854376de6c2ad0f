// `npm start`: diagnoses a payment that failed, or whatever is given: `npm start -- diagnose payment.json`.
import { join } from 'node:path'
import { prepare, root, run } from './workspace.mjs'

prepare()
const given = process.argv.slice(2)
const job = given.length > 0 ? given : ['diagnose', join('examples', 'incident', 'wrong-name.json')]
process.exit(run(process.execPath, [join(root, 'packages', 'cli', 'dist', 'bin.js'), ...job]))
