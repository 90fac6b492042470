import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  {
    languageOptions: {ecmaVersion: 2024, sourceType: 'module'},
    rules: {
      'eqeqeq': 'error',
      'no-implicit-globals': 'error',
      'no-restricted-globals': ['error', 'event', 'name', 'status', 'open', 'close', 'confirm', 'alert', 'prompt'],
      'no-restricted-properties': ['error',
        {property: 'innerHTML', message: 'What comes from the API is never markup: use h().'},
        {property: 'outerHTML'}, {property: 'insertAdjacentHTML'}, {object: 'document', property: 'write'}],
      'no-shadow': ['error', {builtinGlobals: false}],
      'no-unused-vars': ['error', {args: 'none', ignoreRestSiblings: true}],
      'no-var': 'error',
      'prefer-const': 'error',
      'curly': 'error',
      'max-lines': ['error', {max: 200}],
    },
  },
  {files: ['console/**'], languageOptions: {globals: {...globals.browser, uPlot: 'readonly'}}},
  {files: ['test/**'], languageOptions: {globals: globals.node}},
];
