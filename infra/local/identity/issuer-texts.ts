/** The texts of the sign-in pages, which stand in for Cognito's and speak these languages whoever the carrier is. */
export const texts = {
  'zh-CN': {
    title: '登录或注册',
    email: '邮箱',
    invalid: '请输入邮箱地址，例如 zhang@example.com。',
    groups: '同时作为工作人员登录',
    operators: '运营人员',
    gates: '检票人员',
    submit: '登录或注册',
    note: '此页面只在本机运行，接受任何邮箱，不发送邮件。部署后由 Amazon Cognito 显示登录页面。',
    signedIn: '已登录',
    hours: (hours: number) =>
      `访问令牌 ${hours} 小时内有效。请求时以 Authorization: Bearer … 发送，或粘贴到接口文档页面。`,
    token: '访问令牌',
    again: '以其他邮箱登录',
    refused: '无法登录',
    refusedWhy:
      '发来此请求的应用未在此登记，或返回地址不属于该应用。请回到应用重新登录；开发者请核对 client_id 与返回地址。',
  },
  en: {
    title: 'Sign in or sign up',
    email: 'E-mail',
    invalid: 'Enter an e-mail address, such as zhang@example.com.',
    groups: 'Also sign in as staff',
    operators: 'Operator',
    gates: 'Gate staff',
    submit: 'Sign in or sign up',
    note: 'This page belongs to the local run: it takes any address and sends no mail. A deployment shows Amazon Cognito’s pages.',
    signedIn: 'You are signed in',
    hours: (hours: number) =>
      `The access token is valid for ${hours} hours. Send it as Authorization: Bearer …, or paste it on the page of the API.`,
    token: 'Access token',
    again: 'Sign in as somebody else',
    refused: 'You cannot sign in from there',
    refusedWhy:
      'The app that sent you is not known here, or the address to go back to is not its own. Go back to the app and try again; its developer should check client_id and the address.',
  },
} as const;

export type PageLanguage = keyof typeof texts;

/** What each language calls itself. */
export const names: Record<PageLanguage, string> = { 'zh-CN': '中文', en: 'English' };

export const otherOf = (language: PageLanguage): PageLanguage => (language === 'en' ? 'zh-CN' : 'en');

/** The language for whoever wants one: `zh-TW, en;q=0.5` reads Chinese. */
export const pageLanguageOf = (wanted: string): PageLanguage => (/^zh\b/i.test(wanted) ? 'zh-CN' : 'en');
