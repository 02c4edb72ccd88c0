import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { FaultPlace } from '../../app/ipc/contract.ts';
import { faultOf } from '../state/fault.ts';
import { en } from '../text/en.ts';
import { Empty } from './empty.tsx';
import { useAttempt, useEngine } from './engine-context.ts';
import { FaultBoundary } from './fault-boundary.tsx';
import { useSaveReport } from './use-save-report.ts';

/** A part of the window that may fail without the rest: then it says so, and main's log has where. */
export function SafePart({ where, children }: { readonly where: FaultPlace; readonly children: ReactNode }) {
  const engine = useEngine();
  const attempt = useAttempt();
  return (
    <FaultBoundary
      onFault={(error) => attempt(() => engine.shell('reportFault', { where, ...faultOf(error) }))}
      fallback={(again) => <Failed where={where} onAgain={again} />}
    >
      {children}
    </FaultBoundary>
  );
}

function Failed({ where, onAgain }: { readonly where: FaultPlace; readonly onAgain: () => void }) {
  const { isSaved, save } = useSaveReport();
  return (
    <Empty
      icon={<TriangleAlert size={40} strokeWidth={1.4} />}
      title={where === 'window' ? en.windowFailed : en.screenFailed(en.screens[where])}
      body={en.failedBody}
    >
      <Button className="button" data-kind="primary" onPress={onAgain}>
        {en.tryAgain}
      </Button>
      <Button className="button" onPress={save}>
        {en.report}
      </Button>
      <output className="quiet">{isSaved ? en.reportSaved : ''}</output>
    </Empty>
  );
}
