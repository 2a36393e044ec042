"""Une organisation ponctuelle reste à l'heure, même si le CQEN lui renvoie ensuite sa réponse."""

import pytest

from tests import fabrique as f
from tests.barometre.public import texte

pytestmark = pytest.mark.django_db


def test_la_date_d_envoi_est_celle_du_premier_meme_renvoye_puis_retransmis(client):
    papier, quand = f.indicateur("papier"), f.trimestre("2023-T1")
    soumission = f.transmise(f.organisation("A"), quand, {papier: (1, 2)}, f.instant("2023-04-10"))
    relecteur, personne = f.relecteur(), soumission.cree_par
    soumission.renvoyer(par=relecteur, le=f.instant("2023-06-01"), motif="Vérifiez le dénominateur.")
    soumission.soumettre(par=personne, le=f.instant("2023-06-20"))
    soumission.valider(par=relecteur, le=f.instant("2023-06-21"))
    f.edition(quand, f.instant("2023-06-30")).designer()

    page = texte(client.get("/organisations/a/"))

    assert "10 avril 2023, à temps" in page
    assert "20 juin 2023" not in page
