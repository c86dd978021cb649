"""Language models behind one port: `ChatModel.ask(prompt, Type) -> Type`.

A *voice* says something in reply to messages: an OpenAI-compatible endpoint, a script, a recorded
run. A *dialogue* makes a ChatModel of a voice: it counts, records and validates every answer and
sends invalid ones back. `Metered` is a voice that keeps a budget. `open_model` puts them together.

To add a provider: one module with a class that is a `Voice`, and one line in
`choose.PROVIDERS`. Hold it to `tests/conformance/test_chat_model.py`.
"""
