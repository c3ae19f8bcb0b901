/** A stage that sells to the public behind a distribution. */
export const frontContext = {
  stage: 'prod',
  carrier: 'eu-coach',
  mailFrom: 'tickets@coach.example',
  operatorEmail: 'staff@coach.example',
  front: 'on',
  domain: 'booking.coach.example',
  certificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/c`,
  webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/WebAcl/w',
  allowedOrigins: 'https://coach.example,https://app.coach.example:8443',
};
