"""Le monde d'exemple: de vrais noms d'organisations, des chiffres fictifs, tout bâti par les verbes du domaine."""
