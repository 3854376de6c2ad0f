import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = fileURLToPath(new URL('../scripts/check-layers.mjs', import.meta.url))
const from = (path: string): string => `export { value } from '${path}'\n`
const value = 'export const value = 1\n'
const under = (folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))

/** A core of a few files that breaks some of the rules, each at a place of its own. */
const planted = {
  'bytes/bytes.ts': value,
  'evm/checks/time.ts': from('../../bytes/bytes.ts'),
  'wire/read.ts': from('../evm/checks/time.ts'),
  // A folder that is no room: without its own rules, `evidence` reaches `evm/checks` by it.
  'evidence/check.ts': from('../lines/lines.ts'),
  'lines/lines.ts': from('../evm/checks/time.ts'),
  // The same beside the rooms of a family.
  'solana/state/state.ts': from('../lines/read.ts'),
  'solana/lines/read.ts': from('../diagnosis/diagnose.ts'),
  'solana/diagnosis/diagnose.ts': value,
  // The families never meet.
  'evm/diagnosis/diagnose.ts': from('../../solana/diagnosis/diagnose.ts'),
}

/** A command line that does the same. */
const plantedCli = {
  'bin.ts': from('./main.ts'),
  'main.ts': from('./commands/decode.ts'),
  'commands/decode.ts': from('../report/text.ts'),
  'report/text.ts': from('../console.ts'),
  'console.ts': value,
  'sources/input.ts': from('../console.ts'),
  'report/row.ts': from('../commands/decode.ts'),
  'sources/time.ts': from('../report/text.ts'),
  // A file that is no floor's is below them all.
  'time.ts': from('./sources/input.ts'),
  'commands/replay.ts': from('../main.ts'),
  // A folder that is no floor leads to anywhere.
  'lines/lines.ts': from('../commands/decode.ts'),
  'files.ts': from('./lines/lines.ts'),
}

it('stops imports that run upwards, by a detour over a folder that is no room, too', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'eip3009-layers-'))
  try {
    await writeFile(join(directory, 'tsconfig.json'), '{}')
    const all = { ...under('packages/core/src', planted), ...under('packages/cli/src', plantedCli) }
    for (const [name, text] of Object.entries(all)) {
      const path = join(directory, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, directory], { cwd: directory, encoding: 'utf8' })
    expect(stdout).toMatch(/^layers: 9 modules of core and 21 in all, 18 imports, 12 violations$/m)
    expect(
      stderr
        .trim()
        .replaceAll(/packages\/(?:core|cli)\/src\//g, '')
        .split('\n')
        .sort(),
    ).toEqual([
      'cli-commands-imports-downwards: commands/replay.ts → main.ts',
      'cli-other-files-imports-downwards: time.ts → sources/input.ts',
      'cli-report-imports-downwards: report/row.ts → commands/decode.ts',
      'cli-sources-imports-downwards: sources/time.ts → report/text.ts',
      'every-folder-is-a-floor: files.ts → lines/lines.ts',
      'every-folder-is-a-floor: lines/lines.ts → commands/decode.ts',
      'every-folder-is-a-room: evidence/check.ts → lines/lines.ts',
      'every-folder-is-a-room: lines/lines.ts → evm/checks/time.ts',
      'every-folder-is-a-room: solana/lines/read.ts → solana/diagnosis/diagnose.ts',
      'every-folder-is-a-room: solana/state/state.ts → solana/lines/read.ts',
      'evm-stands-apart: evm/diagnosis/diagnose.ts → solana/diagnosis/diagnose.ts',
      'wire-imports-downwards: wire/read.ts → evm/checks/time.ts',
    ])
    expect(status).toBe(1)
  } finally {
    await rm(directory, { recursive: true })
  }
})
