import type { Language } from '../../shared/platform/locales.ts';

type GreetingTexts = Readonly<
  Record<'about' | 'search' | 'hold' | 'pay' | 'ticket' | 'documentation' | 'forPrograms' | 'health', string>
>;

/** The texts of the welcome page, in each language. */
export const greetingTexts: Readonly<Record<Language, GreetingTexts>> = {
  de: {
    about: 'Die Schnittstelle zum Buchen von Fahrten.',
    search: 'Suchen',
    hold: 'Reservieren',
    pay: 'Bezahlen',
    ticket: 'Ticket',
    documentation: 'Dokumentation',
    forPrograms: 'Für Programme',
    health: 'Zustand',
  },
  en: {
    about: 'The API for booking journeys.',
    search: 'Search',
    hold: 'Hold',
    pay: 'Pay',
    ticket: 'Ticket',
    documentation: 'Documentation',
    forPrograms: 'For programs',
    health: 'Health',
  },
  'zh-CN': {
    about: '售票接口。',
    search: '查询',
    hold: '占座',
    pay: '支付',
    ticket: '出票',
    documentation: '接口文档',
    forPrograms: '供程序使用',
    health: '运行状态',
  },
};
