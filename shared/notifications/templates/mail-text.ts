/** The same mail for readers without HTML. It escapes nothing, because plain text has no markup. */
export const mailText = `<%~ it.carrierName %>

<%~ it.title %>

<%~ it.lead %>

<%~ it.journey.trip %>  <%~ it.journey.day %>
<%~ it.journey.from.time %>  <%~ it.journey.from.name %>
<%~ it.journey.to.time %>  <%~ it.journey.to.name %>  <%~ it.journey.to.dayShift %>
<% it.passengers.forEach((passenger) => { %>

<%~ passenger.name %>  <%~ passenger.details %>
<%~ passenger.place %>, <%~ passenger.travelClass %>, <%~ passenger.fare %>
<%~ passenger.ticketNumber %>
<%~ passenger.note %>
<% }) %>

<%~ it.total.label %>: <%~ it.total.value %>
<% if (it.payBy) { %><%~ it.payBy.label %>: <%~ it.payBy.value %><% } %>

--
<%~ it.footer.join('\\n') %>
`;
