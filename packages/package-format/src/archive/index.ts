export * from './archive-problem.js'
export * from './read-archive.js'
export * from './write-archive.js'
