// Writes a page that needs other people's packages to the standard output: `evm-facilitators` or `svm-facilitators`.
import { answersToCases } from './evm-facilitators.ts'
import { evmFacilitatorsPage } from './evm-facilitators-page.ts'
import { svmFacilitatorsPage } from './svm-facilitators-page.ts'

// They print what they can not decode, and what they can not settle.
console.error = () => undefined
console.log = () => undefined

const page = process.argv[2] === 'svm-facilitators' ? await svmFacilitatorsPage() : evmFacilitatorsPage(await answersToCases())
process.stdout.write(page)
