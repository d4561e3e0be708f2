export type * from './account-answers.js'
export {type Deployment, openApiDocument} from './document.js'
export {type Operation, operations} from './operations.js'
export type * from './package-answers.js'
