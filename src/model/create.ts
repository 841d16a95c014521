import type { IStateDB } from '@jupyterlab/statedb';
import type { GPTClient } from '../connection/rest';
import type { GPTSocket } from '../connection/socket';
import type { INotebookSide, IGPTSettings } from '../tokens';
import { AwayModel } from './away';
import { BudgetModel } from './budget';
import { ComposerModel } from './composer';
import { ConversationsModel } from './conversations';
import { EstimateModel } from './estimate';
import { Inquiries } from './inquiries';
import { ModelsModel } from './models';
import { PreviewModel } from './preview';
import { SetupModel } from './setup';
import { Uploads } from './uploads';

/**
 * What the models are made with.
 */
export interface IModelOptions {
  readonly client: GPTClient;
  readonly socket: GPTSocket;
  readonly settings: IGPTSettings | null;
  readonly notebook: INotebookSide | null;
  readonly state: IStateDB | null;
}

/**
 * What the panel is built on.
 */
export interface IModels {
  readonly client: GPTClient;
  readonly conversations: ConversationsModel;
  readonly composer: ComposerModel;
  readonly models: ModelsModel;
  readonly setup: SetupModel;
  readonly budget: BudgetModel;
  readonly estimate: EstimateModel;
  readonly preview: PreviewModel;
  readonly away: AwayModel;
}

/**
 * Make the models, connect the socket and read what the panel shows first.
 */
export function createModels(options: IModelOptions): IModels {
  const { client, socket, settings, notebook, state } = options;
  const uploads = new Uploads(client);
  const conversations = new ConversationsModel({
    client,
    socket,
    uploads,
    state
  });
  const models = new ModelsModel({ client, settings, state });
  const setup = new SetupModel({ client, models, socket });
  const composer = new ComposerModel({
    conversations,
    models,
    settings,
    notebook,
    state
  });
  const inquiries = new Inquiries(socket);
  const budget = new BudgetModel({ client, socket, setup, state });
  const asking = { composer, conversations, uploads, inquiries };
  const estimate = new EstimateModel({ ...asking, models, settings });
  const preview = new PreviewModel({ ...asking, client });
  const away = new AwayModel({ client, conversations, state });
  socket.connect();
  void setup.refresh();
  void models.refresh();
  const made = { client, conversations, composer, models, setup };
  return { ...made, budget, estimate, preview, away };
}
