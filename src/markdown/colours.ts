import { tagHighlighter, tags } from '@lezer/highlight';

/**
 * The tags of JupyterLab's own highlight style, as classes: its rules live in the page only while an
 * editor is shown, ours are in `style/code.css` with the same variables of the theme.
 */
export const style = tagHighlighter([
  { tag: tags.meta, class: 'jp-gpt-tok-meta' },
  { tag: tags.heading, class: 'jp-gpt-tok-heading' },
  { tag: tags.keyword, class: 'jp-gpt-tok-keyword' },
  { tag: tags.bool, class: 'jp-gpt-tok-keyword' },
  { tag: tags.atom, class: 'jp-gpt-tok-atom' },
  { tag: tags.number, class: 'jp-gpt-tok-number' },
  { tag: tags.definition(tags.name), class: 'jp-gpt-tok-def' },
  {
    tag: tags.function(tags.definition(tags.variableName)),
    class: 'jp-gpt-tok-def'
  },
  { tag: tags.standard(tags.variableName), class: 'jp-gpt-tok-builtin' },
  { tag: tags.special(tags.variableName), class: 'jp-gpt-tok-variable' },
  { tag: tags.self, class: 'jp-gpt-tok-variable' },
  { tag: tags.punctuation, class: 'jp-gpt-tok-punctuation' },
  { tag: tags.propertyName, class: 'jp-gpt-tok-property' },
  { tag: tags.operator, class: 'jp-gpt-tok-operator' },
  { tag: tags.comment, class: 'jp-gpt-tok-comment' },
  { tag: tags.string, class: 'jp-gpt-tok-string' },
  { tag: tags.labelName, class: 'jp-gpt-tok-special' },
  { tag: tags.monospace, class: 'jp-gpt-tok-special' },
  { tag: tags.special(tags.string), class: 'jp-gpt-tok-special' },
  { tag: tags.bracket, class: 'jp-gpt-tok-bracket' },
  { tag: tags.tagName, class: 'jp-gpt-tok-tag' },
  { tag: tags.attributeName, class: 'jp-gpt-tok-attribute' },
  { tag: tags.quote, class: 'jp-gpt-tok-quote' },
  { tag: tags.link, class: 'jp-gpt-tok-link' },
  // As in JupyterLab's style these have no colour of their own.
  { tag: tags.separator, class: '' },
  { tag: tags.derefOperator, class: '' },
  { tag: tags.paren, class: '' },
  { tag: tags.strong, class: 'jp-gpt-tok-strong' },
  { tag: tags.emphasis, class: 'jp-gpt-tok-emphasis' },
  { tag: tags.strikethrough, class: 'jp-gpt-tok-strike' }
]);
