# Every command of the project. Each brings what it needs and is quick when nothing has changed.
# PYTHON is only used to start with; the rest runs in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
SCRIPT = $(if $(PYTHON),$(PYTHON),$(error Python 3.11 is missing: apt-get install python3)) -m scripts

.DEFAULT_GOAL := help
.PHONY: help run test check report bench faults messages screenshots lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Start the portal with five demo municipalities (PORT=8000)
	@$(SCRIPT).run

test: ## Run all tests on real PostgreSQL, Redis, worker and browser (ARGS="tests/risks -k matrix")
	@$(SCRIPT).test $(ARGS)

check: ## Lint, types, templates, imports, migrations, translations, containers
	@$(SCRIPT).check

report: ## Make a yearly report as PDF (MUNICIPALITY=sodertalje YEAR=2025 OUT=report.pdf)
	@$(SCRIPT).report "$(MUNICIPALITY)" "$(YEAR)" "$(OUT)"

bench: ## Measure against the targets (SCALE=0.01 for a quick look)
	@$(SCRIPT).bench $(ARGS)

faults: ## Run the trials that kill processes (all of them, some minutes)
	@$(SCRIPT).test -m faults $(ARGS)

messages: ## Collect the texts to translate into locale/ (then translate what is new)
	@test -x .venv/bin/python || $(SCRIPT).check
	@.venv/bin/python -m scripts.messages

screenshots: ## Take README's pictures from a running `make run`
	@$(SCRIPT).screenshots

lock: ## Write requirements.txt and requirements-dev.txt from pyproject.toml
	@$(SCRIPT).lock
