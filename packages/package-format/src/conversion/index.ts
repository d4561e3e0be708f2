export * from './frontmatter.js'
export * from './markdown.js'
