export { searchInThreads, type ThreadedSearchOptions } from './threads/search-in-threads.ts'
