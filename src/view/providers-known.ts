import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * A kind of endpoint that many people have: what its fields begin with.
 */
export interface IKnownProvider {
  readonly name: string;
  /** As the maker documents it; empty where only the user can know it. */
  readonly baseUrl: string;
}

/**
 * The endpoints that are offered. The ports of local servers are the ones they start with.
 */
export function knownProviders(trans: TranslationBundle): IKnownProvider[] {
  return [
    { name: 'OpenAI', baseUrl: 'https://api.openai.com/v1' },
    { name: 'OpenRouter', baseUrl: 'https://openrouter.ai/api/v1' },
    {
      name: 'Azure OpenAI',
      baseUrl: 'https://YOUR-RESOURCE.openai.azure.com/openai/v1'
    },
    { name: 'Ollama', baseUrl: 'http://localhost:11434/v1' },
    { name: 'LM Studio', baseUrl: 'http://localhost:1234/v1' },
    { name: 'llama.cpp', baseUrl: 'http://localhost:8080/v1' },
    { name: 'vLLM', baseUrl: 'http://localhost:8000/v1' },
    { name: trans.__('Another endpoint or gateway'), baseUrl: '' }
  ];
}

/**
 * How the local servers are started, as their makers' documentation says.
 */
export const STARTS: readonly (readonly [name: string, command: string])[] = [
  ['Ollama', 'ollama serve'],
  ['LM Studio', 'lms server start'],
  ['llama.cpp', 'llama-server -m FILE'],
  ['vLLM', 'vllm serve MODEL']
];
