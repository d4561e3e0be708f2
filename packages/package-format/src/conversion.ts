export * from './conversion/agents-md.js'
export {convertPackage} from './conversion/convert-package.js'
export * from './conversion/converted.js'
export {definitionTemplates, placeholderScope} from './conversion/definition-templates.js'
export * from './conversion/definitions.js'
export * from './conversion/discovery.js'
export {fieldLine} from './conversion/field-position.js'
export {flatName} from './conversion/flat-name.js'
export {findHiddenTexts, plainTextOf, type HiddenText} from './conversion/hidden-texts.js'
export * from './conversion/frontmatter.js'
export {grantsIn} from './conversion/grants-in.js'
export {findHiddenCharacters, hasHiddenCharacters, type HiddenCharacter} from './conversion/hidden-characters.js'
export {longDescriptions, type LongDescription} from './conversion/long-descriptions.js'
export * from './conversion/markdown.js'
export {misspelledLimits, type MisspelledLimit} from './conversion/misspelled-limits.js'
export {maxDescriptionLength} from './conversion/named.js'
export * from './conversion/package-files.js'
export {
  boundedTraits,
  compareTraits,
  identityOf,
  packageTraits,
  placeable,
  type Trait,
  type TraitDifference,
} from './conversion/package-traits.js'
export {agentsFile, sharedRules} from './conversion/rules-in-agents-md.js'
export * from './conversion/set-up-package.js'
export * from './conversion/tool-configuration.js'
export * from './conversion/tool-format.js'
export {toolFormats} from './conversion/tools/index.js'
