# Les commandes du baromètre. Sur une machine nue, Python 3.11 et make suffisent.

PYTHON ?= python3
PORT ?= 8000
PIP = .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes
GERER = .venv/bin/python manage.py

.PHONY: installer demo test epreuves verifier corriger bench traduire verrouiller

installer: .venv/outils .env  ## le venv complet et un .env avec une clé neuve

demo: .venv/execution .env  ## le baromètre avec son monde d'exemple, sur 127.0.0.1:$(PORT)
	@$(GERER) migrate --verbosity 0
	@$(GERER) charger_exemple
	@$(GERER) collectstatic --noinput --verbosity 0
	@echo "Le baromètre répond à http://127.0.0.1:$(PORT)/, l'espace des organisations à http://127.0.0.1:$(PORT)/espace/"
	@echo "(Ctrl+C pour arrêter; les courriels s'écrivent dans var/courriels)"
	@MFA_EXIGEE=0 HORLOGE=2023-08-04T14:00:00+00:00 .venv/bin/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers 1 --blocking-threads 4 \
		--log-level warning barometre.wsgi:application

test: .venv/outils  ## tout: style, types, architecture, tests sur SQLite et PostgreSQL; EXIGER=tout refuse les absences
	@EXIGER=$(EXIGER) .venv/bin/python tests/lancer.py

epreuves: .venv/outils tests/moteurs/node_modules  ## la nuit: les mêmes épreuves, aux grands nombres (demande npm); GRAINE=… change le tirage
	@EPREUVES=nuit EXIGER=$(EXIGER) .venv/bin/python tests/lancer.py

verifier: .venv/outils  ## style, types et architecture, sans rien changer
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/djlint --lint --quiet templates
	git ls-files -co --exclude-standard 'templates/*.html' | xargs .venv/bin/djade --check --target-version 5.2
	SECRET_KEY=verification .venv/bin/mypy
	.venv/bin/lint-imports
	SECRET_KEY=verification $(GERER) makemigrations --check --dry-run
	SECRET_KEY=verification $(GERER) dessiner_etats --verifier

corriger: .venv/outils  ## remet en forme ce qui peut l'être
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	git ls-files -co --exclude-standard 'templates/*.html' | xargs .venv/bin/djade --target-version 5.2

bench: .venv/outils  ## mesure import, publication, pages; ne juge pas
	.venv/bin/python tests/bench.py

traduire: .venv/outils  ## relève les phrases à traduire, et compile celles qui le sont (demande gettext)
	SECRET_KEY=traduction $(GERER) makemessages --locale en --no-obsolete --add-location file \
		--extension html,svg,py --ignore '.venv/*' --ignore 'tests/*'
	SECRET_KEY=traduction $(GERER) compilemessages --locale en

verrouiller:  ## refait requirements*.txt, avec empreintes et sans adresse (demande uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--quiet --upgrade --output-file requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --quiet --upgrade --output-file requirements-dev.txt

.venv/bin/pip:
	@$(PYTHON) -m venv .venv

.venv/execution: requirements.txt | .venv/bin/pip
	@$(PIP) -r requirements.txt
	@touch $@

.venv/outils: requirements-dev.txt .venv/execution
	@$(PIP) -r requirements-dev.txt
	@touch $@

tests/moteurs/node_modules: tests/moteurs/package-lock.json
	@npm ci --prefix tests/moteurs --ignore-scripts --no-audit --no-fund --silent
	@touch $@

.env:
	@umask 077 && $(PYTHON) -c "import secrets; \
		print(open('.env.exemple', encoding='utf-8').read().replace('SECRET_KEY=', 'SECRET_KEY=' + secrets.token_urlsafe(50)))" > .env
