// A form with data-here asks the phone where it is, once, when it is sent. Without an answer it is sent
// without one, and the server says what to do instead.
for (const form of document.querySelectorAll("form[data-here]")) {
  form.addEventListener("submit", (event) => {
    if (!navigator.geolocation || form.elements.here.value) return;
    event.preventDefault();
    const send = (found) => {
      if (found) {
        const { latitude, longitude } = found.coords;
        form.elements.here.value = `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`;
      }
      form.submit();
    };
    const options = { enableHighAccuracy: true, maximumAge: 0, timeout: 10000 };
    navigator.geolocation.getCurrentPosition(send, () => send(null), options);
  });
}
