import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = fileURLToPath(new URL('../scripts/check-layers.mjs', import.meta.url))
const from = (path: string): string => `export { value } from '${path}'\n`
const value = 'export const value = 1\n'

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

it('stops imports that run upwards, by a detour over a folder that is no room, too', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'eip3009-layers-'))
  try {
    await writeFile(join(directory, 'tsconfig.json'), '{}')
    for (const [name, text] of Object.entries(planted)) {
      const path = join(directory, 'packages/core/src', name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, directory], { cwd: directory, encoding: 'utf8' })
    expect(stdout).toMatch(/^layers: 9 modules of core and 9 in all, 7 imports, 6 violations$/m)
    expect(stderr.trim().replaceAll('packages/core/src/', '').split('\n').sort()).toEqual([
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
