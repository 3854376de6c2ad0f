/** One search in a process of its own: see `coldSearch` in `../forensics.ts`. Answers with the milliseconds that it took. */
import { searchOnce } from '../forensics.ts'

const { task, size } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly task: Parameters<typeof searchOnce>[0]
  readonly size: Parameters<typeof searchOnce>[1]
}
process.send?.(searchOnce(task, size))
