export { searchInThreads } from './guarded/threads.ts'
export type { ThreadedSearchOptions } from './threads/search-in-threads.ts'
