import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  /** Without its lines of progress. */
  readonly stderr: string
  /** What it said that it waits for, which depends on how busy the machine is. */
  readonly progress: string
}

/** A line of progress ends in an ellipsis, and nothing else on stderr does. */
const progressLine = /^.* …\n/gm

/** What was said on stderr besides progress. */
export function withoutProgress(said: string): string {
  return said.replace(progressLine, '')
}

/** Runs the built CLI as a user would, with `input` on its standard input and these variables set besides ours. */
export function runCli(
  args: readonly string[],
  input: string | Uint8Array = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      const said = Buffer.concat(stderr).toString()
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: withoutProgress(said),
        progress: [...said.matchAll(progressLine)].join(''),
      })
    })
    // A child that exits before it has read everything closes the pipe; what it answered is what counts.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
