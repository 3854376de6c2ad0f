export { openSearchPool, searchInThreads } from './guarded/threads.ts'
export type { ThreadedSearchOptions } from './threads/search-in-threads.ts'
export type { SearchPool, SearchPoolOptions } from './threads/search-pool.ts'
