import type { AppError } from '../../../shared/errors';
import { perform } from '../../bridge';
import { Retry } from '../../lost';
import { Button } from '../../ui/button';
import { Problem } from '../../ui/message';

/** Why a spec could not be opened; where the way out is a choice of files, the files are the buttons. */
export function SpecProblem({ error }: { readonly error: AppError }) {
  const choices = error.kind === 'spec/choose-file'
    ? error.files.map((file) => <Button key={file} size="sm" onClick={() => void perform('spec.open', { path: error.path, file })}>{file}</Button>)
    : error.kind === 'spec/lost' ? <Retry /> : undefined;
  return <div role="alert"><Problem error={error} actions={choices} /></div>;
}
