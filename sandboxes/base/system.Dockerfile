# The image of a system that brings no Dockerfile of its own.
# The context holds packages/ (wheels, already unpacked by the host) and sandboxes/ (the contract
# and the one system), so building needs no network.
ARG BASE
FROM ${BASE}
COPY packages /opt/curie/packages
COPY sandboxes /opt/curie/sandboxes
RUN python -m compileall -q --invalidation-mode unchecked-hash /opt/curie
WORKDIR /trial
USER 10001:10001
