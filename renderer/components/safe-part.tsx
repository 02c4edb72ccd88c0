import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { FaultPlace } from '../../app/ipc/contract.ts';
import { faultOf } from '../state/fault.ts';
import { Empty } from './empty.tsx';
import { useAttempt, useEngine } from './engine-context.ts';
import { FaultBoundary } from './fault-boundary.tsx';
import { useSaveReport } from './use-save-report.ts';
import { useWords } from './words-context.ts';

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
  const t = useWords();
  const { isSaved, save } = useSaveReport();
  return (
    <Empty
      icon={<TriangleAlert size={40} strokeWidth={1.4} />}
      title={where === 'window' ? t.windowFailed : t.screenFailed(t.screens[where])}
      body={t.failedBody}
    >
      <Button className="button" data-kind="primary" onPress={onAgain}>
        {t.tryAgain}
      </Button>
      <Button className="button" onPress={save}>
        {t.report}
      </Button>
      <output className="quiet">{isSaved ? t.reportSaved : ''}</output>
    </Empty>
  );
}
