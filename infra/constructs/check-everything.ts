import { Validations, type App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/** An app that breaks a rule of AwsSolutions without a reason does not synthesize. */
export const checkEverything = (app: App): void =>
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
